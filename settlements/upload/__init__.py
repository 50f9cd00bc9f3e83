"""Files of orders on their way in: recognise, read, group, check, write (README, "주문 업로드").

columns  which column is which            files   what kind of file it is, and its rows
values   text of a cell → value           spool   rows sorted into parts that fit in memory
rows     rows of one transfer → request   checker what is wrong with it    writer  COPY
"""
